import Alert from "@cloudscape-design/components/alert"
import Box from "@cloudscape-design/components/box"
import Button from "@cloudscape-design/components/button"
import FormField from "@cloudscape-design/components/form-field"
import Modal from "@cloudscape-design/components/modal"
import SpaceBetween from "@cloudscape-design/components/space-between"
import StatusIndicator from "@cloudscape-design/components/status-indicator"
import Textarea from "@cloudscape-design/components/textarea"
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useEffect, useId, useState } from "react"
import { ask } from "../api/client.ts"
import { timeText } from "../time.ts"
import type { AggregateAddress } from "./queries.ts"

/** Leave to see the personal values of one aggregate: recorded, and over soon. */
export interface Leave {
  readonly reveal: string
  readonly until: string
}

interface Answer {
  readonly reveal: string | null
  readonly until: string | null
  readonly rejection: { readonly message: string } | null
}

const reasonMin = 8

const leaveKey = ({ tenant, aggregate, id }: AggregateAddress) => ["leave", tenant, aggregate, id]

/** The leave that was given during this visit, while it lasts. */
export function useLeave(address: AggregateAddress): Leave | null {
  const queries = useQueryClient()
  const key = JSON.stringify(leaveKey(address))
  const { data } = useQuery<Leave | null>({
    queryKey: JSON.parse(key),
    queryFn: () => null,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  })
  const until = data?.until
  useEffect(() => {
    if (until === undefined) return
    const timer = setTimeout(() => queries.setQueryData(JSON.parse(key), null), Date.parse(until) - Date.now())
    return () => clearTimeout(timer)
  }, [queries, key, until])
  return data ?? null
}

/** Offers to show personal values, or says until when they are shown. */
export function RevealAction({ address }: { readonly address: AggregateAddress }) {
  const queries = useQueryClient()
  const leave = useLeave(address)
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      {leave === null ? (
        <Button iconName="unlocked" onClick={() => setAsking(true)}>
          Reveal personal values
        </Button>
      ) : (
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <StatusIndicator type="warning">Personal values shown until {timeText(leave.until)}</StatusIndicator>
          <Button onClick={() => queries.setQueryData(leaveKey(address), null)}>Mask again</Button>
        </SpaceBetween>
      )}
      {isAsking && <RevealForm address={address} onClose={() => setAsking(false)} />}
    </>
  )
}

function RevealForm({ address, onClose }: { readonly address: AggregateAddress; readonly onClose: () => void }) {
  const queries = useQueryClient()
  const formId = useId()
  const [reason, setReason] = useState("")
  const [refusal, setRefusal] = useState<string>()
  const revealing = useMutation({
    mutationFn: async () => {
      const query = `mutation ($aggregate: String!, $id: ID!, $tenant: ID, $reason: String!) {
        reveal(aggregate: $aggregate, id: $id, tenant: $tenant, reason: $reason) { reveal until rejection { message } }
      }`
      return (await ask<{ reveal: Answer }>(query, { ...address, reason: reason.trim() })).reveal
    },
    onSuccess: ({ reveal, until, rejection }) => {
      if (reveal === null || until === null) return setRefusal(rejection?.message ?? "They were not revealed.")
      queries.setQueryData<Leave>(leaveKey(address), { reveal, until })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (reason.trim().length < reasonMin) return setRefusal("Say why, in a few words.")
    setRefusal(undefined)
    revealing.mutate()
  }
  return (
    <Modal
      visible
      header="Reveal personal values?"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" form={formId} formAction="submit" loading={revealing.isPending}>
              Reveal
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form id={formId} onSubmit={submit} noValidate>
        <SpaceBetween size="l">
          {revealing.error !== null && <Alert type="error">{revealing.error.message}</Alert>}
          <Box>
            You see the personal values of {address.aggregate} {address.id} for 15 minutes. That you looked, and why, is
            recorded for ever.
          </Box>
          <FormField
            label="Reason"
            description="Name the case, not the person."
            errorText={refusal}
            constraintText="8 to 500 characters."
          >
            <Textarea
              value={reason}
              rows={3}
              placeholder="Ticket 4711: the owner asks how they are called here"
              onChange={({ detail }) => setReason(detail.value)}
            />
          </FormField>
        </SpaceBetween>
      </form>
    </Modal>
  )
}
