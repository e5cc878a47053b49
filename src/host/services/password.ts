import { randomInt } from "node:crypto"
import { AwsError, type JsonObject } from "../host.ts"

const classes = {
  ExcludeLowercase: "abcdefghijklmnopqrstuvwxyz",
  ExcludeUppercase: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  ExcludeNumbers: "0123456789",
  ExcludePunctuation: "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
}

/** A random password after the rules of GetRandomPassword and GenerateSecretString. Throws AwsError InvalidParameterException. */
export function randomPassword(rules: JsonObject): string {
  const length = Number(rules.PasswordLength ?? 32)
  const excluded = String(rules.ExcludeCharacters ?? "")
  const alphabets = Object.entries(classes)
    .filter(([flag]) => String(rules[flag]) !== "true")
    .map(([, characters]) => [...characters].filter(character => !excluded.includes(character)).join(""))
    .filter(characters => characters !== "")
  if (String(rules.IncludeSpace) === "true") alphabets.push(" ")
  const all = alphabets.join("")
  if (all === "" || length < alphabets.length)
    throw new AwsError("InvalidParameterException", "these rules leave no characters for a password")
  const each = String(rules.RequireEachIncludedType ?? "true") === "true" ? alphabets.map(pick) : []
  const rest = Array.from({ length: length - each.length }, () => pick(all))
  return shuffled([...each, ...rest]).join("")
}

function pick(characters: string): string {
  return characters.charAt(randomInt(characters.length))
}

function shuffled(items: string[]): string[] {
  return items
    .map(item => ({ item, order: randomInt(2 ** 32) }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item)
}
