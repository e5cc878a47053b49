import TopNavigation from "@cloudscape-design/components/top-navigation"
import { Mode } from "@cloudscape-design/global-styles"
import { signOut } from "aws-amplify/auth"
import { useState } from "react"
import { currentMode, toggleMode } from "../appearance.ts"
import { usePerson } from "../session.ts"

/** Where one is, who one is, light or dark, and the way out. */
export function TopBar() {
  const { email, id, isSupport } = usePerson()
  const [mode, setMode] = useState(currentMode)
  return (
    <div id="top-bar">
      <TopNavigation
        identity={{ href: "#/", title: "Foldline", logo: { src: "./icon.svg", alt: "" } }}
        utilities={[
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
            items: [{ id: "signOut", text: "Sign out" }],
            onItemClick: () => void signOut(),
          },
        ]}
      />
    </div>
  )
}
