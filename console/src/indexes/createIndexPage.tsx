import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import Form from "@cloudscape-design/components/form"
import FormField from "@cloudscape-design/components/form-field"
import Header from "@cloudscape-design/components/header"
import Input from "@cloudscape-design/components/input"
import SegmentedControl from "@cloudscape-design/components/segmented-control"
import SpaceBetween from "@cloudscape-design/components/space-between"
import { type FormEvent, useState } from "react"
import { useLocation } from "wouter"
import { pathIn } from "../accounts/chosen.ts"
import { trailIn, UnderAccount } from "../accounts/underAccount.tsx"
import { useAsking } from "../commands/asking.ts"
import type { Account } from "../model.generated.ts"
import { Page } from "../shell/page.tsx"
import { useDraft } from "./draft.ts"
import { Estimate } from "./estimate.tsx"
import { JsonSettings } from "./jsonSettings.tsx"
import { indexPath } from "./paths.ts"
import { usePrices, useSizeLimits } from "./queries.ts"
import { SettingsFields, settingsFieldNames } from "./settingsFields.tsx"

/** Where an index is thought out, with what it will cost. */
export default function CreateIndexPage({ accountId }: { readonly accountId: string }) {
  return (
    <UnderAccount accountId={accountId} title="Create index">
      {account => <CreateIndex account={account} />}
    </UnderAccount>
  )
}

function CreateIndex({ account }: { readonly account: Account }) {
  const { accountId } = account
  const [indexName, setIndexName] = useState("")
  const { data: prices = [] } = usePrices()
  const { data: limits } = useSizeLimits(accountId)
  const draft = useDraft(prices)
  const { form, ask, isBusy, errorAt, errorBeside, refuse, forgive } = useAsking({
    mutation: "createIndex",
    doing: "Creating the index",
    done: "The index is being made",
  })
  const [, navigate] = useLocation()
  const list = pathIn(accountId, "indexes")

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (indexName.trim() === "") return refuse({ path: "indexName", message: "The name is required." })
    if (draft.fault !== undefined) return
    const settings = JSON.stringify(draft.settings)
    const receipt = await ask({ accountId, indexName: indexName.trim(), settings })
    if (receipt !== undefined) navigate(indexPath(accountId, indexName.trim()))
  }

  const isForm = draft.text === undefined
  const shown = ["indexName", ...(isForm ? settingsFieldNames : ["settings"])]
  const elsewhere = errorBeside(shown)
  return (
    <Page
      title="Create index"
      trail={[...trailIn(account), { text: "Indexes", href: `#${list}` }]}
      header={<Header variant="h1">Create index</Header>}
    >
      <form ref={form} onSubmit={submit} noValidate>
        <Form
          errorText={elsewhere && (errorAt("settings") ?? elsewhere)}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" href={`#${list}`}>
                Cancel
              </Button>
              <Button
                variant="primary"
                formAction="submit"
                loading={isBusy}
                loadingText="Creating the index"
                disabled={draft.fault !== undefined}
              >
                Create index
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="l">
            <Container header={<Header>Index</Header>}>
              <FormField
                label="Name"
                description="What clients call it. It cannot change."
                constraintText="1 to 64 letters, digits, - or _."
                errorText={errorAt("indexName")}
              >
                <Input
                  value={indexName}
                  autoComplete={false}
                  onChange={({ detail }) => {
                    setIndexName(detail.value)
                    forgive("indexName")
                  }}
                />
              </FormField>
            </Container>
            <Container
              header={
                <Header
                  actions={
                    <SegmentedControl
                      label="Settings as"
                      selectedId={isForm ? "form" : "json"}
                      options={[
                        { id: "form", text: "Form", disabled: draft.fault !== undefined },
                        { id: "json", text: "JSON" },
                      ]}
                      onChange={({ detail }) => (detail.selectedId === "json" ? draft.showJson() : draft.showForm())}
                    />
                  }
                >
                  Settings
                </Header>
              }
            >
              {draft.text === undefined ? (
                <SettingsFields
                  settings={draft.settings}
                  prices={prices}
                  limits={limits ?? undefined}
                  errorAt={errorAt}
                  onChange={changes => {
                    draft.set(changes)
                    for (const name of Object.keys(changes)) forgive(`settings.${name}`)
                  }}
                />
              ) : (
                <JsonSettings
                  text={draft.text}
                  fault={draft.fault ?? errorAt("settings")}
                  onType={text => {
                    draft.type(text)
                    forgive("settings")
                  }}
                />
              )}
            </Container>
            <Container header={<Header>Cost</Header>}>
              <Estimate settings={draft.settings} />
            </Container>
          </SpaceBetween>
        </Form>
      </form>
    </Page>
  )
}
