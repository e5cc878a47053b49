import type { Marker } from "../../core/parking.ts"

type Item = Readonly<Record<string, unknown>>

/** Stored as the type of a row that is no event; no event can be called so. */
export const markerType = "$parked"

/** Where the directory lists the streams that are set aside. */
export const markerDirectory = markerType

export const markerItem = ({ stream, version, cause, at, arrived }: Marker) => ({
  stream,
  version,
  type: markerType,
  cause,
  at,
  arrived,
  directory: markerDirectory,
})

export const isMarker = (item: Item | undefined): item is Item => item?.type === markerType

export const markerOf = ({ stream, version, cause, at, arrived }: Item): Marker => ({
  stream: String(stream),
  version: Number(version),
  cause: String(cause),
  at: String(at),
  arrived: Number(arrived),
})

/** The row is this very marker, and nothing has come to wait since it was read. */
export const markerStands = ({ arrived }: Marker) => ({
  ConditionExpression: "#type = :marker AND #arrived = :arrived",
  ExpressionAttributeNames: { "#type": "type", "#arrived": "arrived" },
  ExpressionAttributeValues: { ":marker": markerType, ":arrived": arrived },
})

/** Nothing stands there that was committed: a version is free, or a marker keeps it. */
export const versionIsFree = {
  ConditionExpression: "attribute_not_exists(#version) OR #type = :marker",
  ExpressionAttributeNames: { "#version": "version", "#type": "type" },
  ExpressionAttributeValues: { ":marker": markerType },
}
