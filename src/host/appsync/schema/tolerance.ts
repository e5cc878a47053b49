const token = /"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|;|\bimplements\b(?:[\s,&]*[A-Za-z_]\w*)+/g

/**
 * SDL in today's grammar from what AppSync's parser takes beyond it: `;` between fields, and the older lists
 * `implements A, B` and `implements A B`. Text in strings and comments stays.
 */
export function toStandardSdl(definition: string): string {
  return definition.replace(token, text => {
    if (text === ";") return " "
    if (!text.startsWith("implements")) return text
    const [keyword, ...names] = text.split(/[\s,&]+/)
    return `${keyword} ${names.join(" & ")}`
  })
}
