import "@cloudscape-design/global-styles/index.css"
import "./page.css"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { App } from "./app.tsx"
import { applyCurrentMode } from "./appearance.ts"
import { configure } from "./config.ts"

const place = document.getElementById("app")
if (place === null) throw new Error("the page has no #app")

applyCurrentMode()
configure()
  .then(() =>
    createRoot(place).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  )
  .catch((error: Error) => {
    place.setAttribute("role", "alert")
    place.textContent = `The console could not start: ${error.message}. Reload the page in a moment.`
  })
