import { applyMode, Mode } from "@cloudscape-design/global-styles"

const storedAs = "foldline.appearance"

/** Light or dark: as chosen here before, else as the system likes it. */
export function currentMode(): Mode {
  const chosen = localStorage.getItem(storedAs)
  if (chosen === Mode.Light || chosen === Mode.Dark) return chosen
  return matchMedia("(prefers-color-scheme: dark)").matches ? Mode.Dark : Mode.Light
}

/** Changes between light and dark, and remembers it. */
export function toggleMode(): Mode {
  const mode = currentMode() === Mode.Dark ? Mode.Light : Mode.Dark
  localStorage.setItem(storedAs, mode)
  applyMode(mode)
  return mode
}

/** Shows the page in its mode. */
export const applyCurrentMode = () => applyMode(currentMode())
