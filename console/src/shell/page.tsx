import AppLayout from "@cloudscape-design/components/app-layout-toolbar"
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group"
import ContentLayout from "@cloudscape-design/components/content-layout"
import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar"
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation"
import { type ReactNode, useEffect, useState } from "react"
import { useLocation } from "wouter"
import { pathIn, useChosen } from "../accounts/chosen.ts"
import { useAccountName } from "../accounts/queries.ts"
import { type Connection, useConnection } from "../api/live.ts"
import { useNotices } from "../commands/commands.tsx"
import { usePerson } from "../session.ts"
import { TopBar } from "./topBar.tsx"

interface PageProps {
  readonly title: string
  readonly header: ReactNode
  readonly children: ReactNode
  /** Between the start page and this one: texts and addresses. */
  readonly trail?: readonly { readonly text: string; readonly href: string }[]
  readonly panel?: ReactNode
  /** Where the panel opens at first. */
  readonly panelAt?: "side" | "bottom"
  readonly isPanelOpen?: boolean
  readonly onPanelToggle?: (isOpen: boolean) => void
}

/** The frame of every page: top bar, navigation, notices, breadcrumbs, content and, on some, a panel of details. */
export function Page({
  title,
  header,
  children,
  trail = [],
  panel,
  panelAt = "side",
  isPanelOpen = false,
  onPanelToggle,
}: PageProps) {
  const [location] = useLocation()
  const { isSupport } = usePerson()
  const { accountId } = useChosen()
  const accountName = useAccountName(accountId)
  const chosen = accountId === undefined ? undefined : { accountId, name: accountName ?? "Account" }
  const [isNavigationOpen, setNavigationOpen] = useState(() => matchMedia("(min-width: 689px)").matches)
  const [panelPosition, setPanelPosition] = useState(panelAt)
  const notices = [...connectionNotice(useConnection()), ...useNotices()]
  useEffect(() => {
    document.title = `${title} · Foldline`
  }, [title])
  return (
    <>
      <TopBar />
      <AppLayout
        headerSelector="#top-bar"
        toolsHide
        ariaLabels={{ navigation: "Pages", navigationToggle: "Show the pages", navigationClose: "Hide the pages" }}
        navigationOpen={isNavigationOpen}
        onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
        navigation={<SideNavigation activeHref={activeHref(location)} items={navigation(isSupport, chosen)} />}
        breadcrumbs={<BreadcrumbGroup items={[...trail, { text: title, href: `#${location}` }]} />}
        notifications={<Flashbar items={notices} stackItems />}
        content={<ContentLayout header={header}>{children}</ContentLayout>}
        splitPanel={panel}
        splitPanelOpen={isPanelOpen}
        splitPanelPreferences={{ position: panelPosition }}
        onSplitPanelPreferencesChange={({ detail }) => setPanelPosition(detail.position)}
        onSplitPanelToggle={({ detail }) => onPanelToggle?.(detail.open)}
      />
    </>
  )
}

interface ChosenAccount {
  readonly accountId: string
  readonly name: string
}

const navigation = (isSupport: boolean, chosen: ChosenAccount | undefined): SideNavigationProps.Item[] => [
  { type: "link", text: "Accounts", href: "#/" },
  ...(chosen === undefined ? [] : [accountNavigation(chosen)]),
  { type: "link", text: "Model", href: "#/model" },
  ...(isSupport
    ? [
        { type: "divider" } as const,
        {
          type: "section-group",
          title: "Support",
          items: [
            { type: "link", text: "Requests", href: "#/support" },
            { type: "link", text: "Aggregates", href: "#/support/aggregate" },
            { type: "link", text: "Parked work", href: "#/support/parked" },
            { type: "link", text: "Support activity", href: "#/support/activity" },
          ],
        } as const,
      ]
    : []),
]

const accountNavigation = ({ accountId, name }: ChosenAccount): SideNavigationProps.Item => ({
  type: "section-group",
  title: name,
  items: [
    { type: "link", text: "Overview and team", href: `#${pathIn(accountId)}` },
    { type: "link", text: "Indexes", href: `#${pathIn(accountId, "indexes")}` },
    { type: "link", text: "API keys", href: `#${pathIn(accountId, "api-keys")}` },
    { type: "link", text: "Billing", href: `#${pathIn(accountId, "billing")}` },
    { type: "link", text: "Integrations", href: `#${pathIn(accountId, "integrations")}` },
  ],
})

const sections = ["/support/aggregate", "/support/parked", "/support/activity", "/support", "/model"]
const activeHref = (location: string) =>
  `#${/^\/accounts\/[^/]+(?:\/[^/]+)?/.exec(location)?.[0] ?? sections.find(section => location.startsWith(section)) ?? "/"}`

const connectionWords: Record<Exclude<Connection, "live">, FlashbarProps.MessageDefinition> = {
  interrupted: {
    id: "connection",
    type: "warning",
    header: "Live updates are interrupted",
    content: "Trying to connect again. What has changed meanwhile is read then.",
  },
  offline: {
    id: "connection",
    type: "warning",
    header: "You are offline",
    content: "What you see may be out of date. Commands can be sent once you are online again.",
  },
}
const connectionNotice = (connection: Connection) => (connection === "live" ? [] : [connectionWords[connection]])
