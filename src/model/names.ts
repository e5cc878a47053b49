/** `OpenAccount` → `openAccount`. */
export const camelCase = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

/** `openAccount` → `OpenAccount`. */
export const pascalCase = (name: string) => name.charAt(0).toUpperCase() + name.slice(1)
