import type { TopNavigationProps } from "@cloudscape-design/components/top-navigation"
import { pathIn, useChosen } from "../accounts/chosen.ts"
import { useAccountName, useMyAccounts } from "../accounts/queries.ts"
import { roleLabel } from "../accounts/roles.ts"

/** The menu that leads from one account to another, to the same part of it. */
export function useAccountSwitch(): TopNavigationProps.MenuDropdownUtility {
  const { accountId: chosen, part } = useChosen()
  const { items } = useMyAccounts()
  const name = useAccountName(chosen)
  const open = items.filter(({ account }) => account?.status !== "closed")
  return {
    type: "menu-dropdown",
    text: name ?? "Choose an account",
    ariaLabel: name === undefined ? "Choose an account" : `Account: ${name}`,
    iconName: "folder",
    items: [
      ...(open.length === 0
        ? []
        : [
            {
              id: "accounts",
              text: "Your accounts",
              items: open.map(({ accountId, account, role }) => ({
                id: accountId,
                text: account?.name ?? accountId,
                secondaryText: roleLabel(role),
                href: `#${pathIn(accountId, part)}`,
                ...(accountId === chosen ? { iconName: "check" as const } : {}),
              })),
            },
          ]),
      { id: "all", text: "All accounts", href: "#/" },
    ],
  }
}
