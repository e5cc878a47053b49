import TopNavigation from "@cloudscape-design/components/top-navigation"
import { Mode } from "@cloudscape-design/global-styles"
import { signOut } from "aws-amplify/auth"
import { lazy, Suspense, useState } from "react"
import { currentMode, toggleMode } from "../appearance.ts"
import { usePerson } from "../session.ts"
import { useAccountSwitch } from "./accountSwitch.ts"

const SecondFactor = lazy(async () => ({ default: (await import("./secondFactor.tsx")).SecondFactor }))

/** Where one is, who one is, light or dark, and the way out. */
export function TopBar() {
  const { email, id, isSupport } = usePerson()
  const [mode, setMode] = useState(currentMode)
  const accountSwitch = useAccountSwitch()
  const [isSecuring, setSecuring] = useState(false)
  return (
    <div id="top-bar">
      <TopNavigation
        identity={{ href: "#/", title: "Foldline", logo: { src: "./icon.svg", alt: "" } }}
        utilities={[
          accountSwitch,
          {
            type: "button",
            text: mode === Mode.Dark ? "Light mode" : "Dark mode",
            onClick: () => setMode(toggleMode()),
          },
          {
            type: "menu-dropdown",
            text: email,
            description: isSupport ? "Support" : `Person ${id}`,
            iconName: "user-profile",
            items: [
              { id: "secondFactor", text: "Second factor" },
              { id: "signOut", text: "Sign out" },
            ],
            onItemClick: ({ detail }) => (detail.id === "signOut" ? void signOut() : setSecuring(true)),
          },
        ]}
      />
      {isSecuring && (
        <Suspense>
          <SecondFactor onClose={() => setSecuring(false)} />
        </Suspense>
      )}
    </div>
  )
}
