import Button from "@cloudscape-design/components/button"
import Container from "@cloudscape-design/components/container"
import FormField from "@cloudscape-design/components/form-field"
import Header from "@cloudscape-design/components/header"
import Input from "@cloudscape-design/components/input"
import Select from "@cloudscape-design/components/select"
import SpaceBetween from "@cloudscape-design/components/space-between"
import { useState } from "react"
import { useLocation } from "wouter"
import { contexts } from "../model/catalogue.ts"
import { Page } from "../shell/page.tsx"
import { hrefOf } from "./streamLink.tsx"

const trail = [{ text: "Support", href: "#/support" }]
const kinds = contexts.flatMap(({ aggregates }) => aggregates.map(({ name }) => ({ value: name, label: name })))

/** Asks which aggregate. */
export function ChooseAggregatePage() {
  const [kind, setKind] = useState(kinds[0])
  const [id, setId] = useState("")
  const [tenant, setTenant] = useState("")
  const [, navigate] = useLocation()
  return (
    <Page
      title="Aggregates"
      trail={trail}
      header={
        <Header variant="h1" description="What has happened to one aggregate, and its state at any version.">
          Aggregates
        </Header>
      }
    >
      <Container>
        <form
          onSubmit={event => {
            event.preventDefault()
            if (kind && id.trim())
              navigate(hrefOf({ tenant: tenant.trim() || id.trim(), aggregate: kind.value, id: id.trim() }).slice(1))
          }}
        >
          <SpaceBetween size="l">
            <FormField label="Aggregate">
              <Select
                options={kinds}
                selectedOption={kind ?? null}
                onChange={({ detail }) => setKind(kinds.find(({ value }) => value === detail.selectedOption.value))}
              />
            </FormField>
            <FormField label="Id">
              <Input value={id} onChange={({ detail }) => setId(detail.value)} />
            </FormField>
            <FormField
              label={
                <>
                  Account <i>- optional</i>
                </>
              }
              description="The account that it belongs to; leave it out for the account itself."
            >
              <Input value={tenant} onChange={({ detail }) => setTenant(detail.value)} />
            </FormField>
            <Button variant="primary" formAction="submit">
              Show
            </Button>
          </SpaceBetween>
        </form>
      </Container>
    </Page>
  )
}
