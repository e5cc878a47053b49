import { z } from "zod"
import { AwsError, type JsonObject } from "../host.ts"
import type { Archive } from "./archive.ts"
import type { EventsParts, Operation } from "./eventsParts.ts"
import { readInput } from "./input.ts"
import { StartReplayInput } from "./replay.ts"

const CreateArchiveInput = z.object({
  ArchiveName: z.string(),
  EventSourceArn: z.string(),
  Description: z.string().optional(),
  EventPattern: z.string().optional(),
  RetentionDays: z.number().int().min(0).optional(),
})
const ArchiveName = z.object({ ArchiveName: z.string() })
const ReplayName = z.object({ ReplayName: z.string() })

/** The calls on archives and replays. */
export function archiveOperations({ host, registry, archives, replays }: EventsParts): Record<string, Operation> {
  const arn = (kind: string, name: string) => `arn:aws:events:${host.region}:${host.accountId}:${kind}/${name}`

  return {
    CreateArchive: (input, principal) => {
      const given = readInput(CreateArchiveInput, input)
      host.iam.authorize(principal, "events:CreateArchive", arn("archive", given.ArchiveName))
      if (archives.all.has(given.ArchiveName)) {
        throw new AwsError("ResourceAlreadyExistsException", `Archive ${given.ArchiveName} already exists.`)
      }
      const archive = archives.put({
        name: given.ArchiveName,
        busArn: registry.bus(given.EventSourceArn).arn,
        pattern: given.EventPattern,
        description: given.Description,
        retentionDays: given.RetentionDays ?? 0,
      })
      return { ArchiveArn: archive.arn, State: "ENABLED", CreationTime: archive.createdAt / 1_000 }
    },
    DeleteArchive: (input, principal) => {
      const archive = archives.get(readInput(ArchiveName, input).ArchiveName)
      host.iam.authorize(principal, "events:DeleteArchive", archive.arn)
      archives.delete(archive.name)
      return {}
    },
    DescribeArchive: (input, principal) => {
      const archive = archives.get(readInput(ArchiveName, input).ArchiveName)
      host.iam.authorize(principal, "events:DescribeArchive", archive.arn)
      const { pattern, description } = archive
      return {
        ...summary(archive),
        ArchiveArn: archive.arn,
        ...(pattern !== undefined && { EventPattern: pattern }),
        ...(description !== undefined && { Description: description }),
        EventCount: archives.events(archive, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY).length,
      }
    },
    ListArchives: () => ({ Archives: [...archives.all.values()].map(summary) }),
    StartReplay: (input, principal) => {
      const given = readInput(StartReplayInput, input)
      host.iam.authorize(principal, "events:StartReplay", arn("replay", given.ReplayName))
      return replays.start(given)
    },
    DescribeReplay: (input, principal) => {
      const { ReplayName: name } = readInput(ReplayName, input)
      host.iam.authorize(principal, "events:DescribeReplay", arn("replay", name))
      return replays.describe(name)
    },
    ListReplays: () => ({ Replays: replays.list() }),
  }
}

function summary({ name, busArn, retentionDays, createdAt }: Archive): JsonObject {
  return {
    ArchiveName: name,
    EventSourceArn: busArn,
    State: "ENABLED",
    RetentionDays: retentionDays,
    CreationTime: createdAt / 1_000,
  }
}
