import { randomInt } from "node:crypto"
import { AwsError } from "../host.ts"
import type { UserPool } from "./userPool.ts"

const symbols = "^$*.[]{}()?-\"!@#%&/\\,><':;|_~`=+ "

/** Throws AwsError InvalidPasswordException with the first rule of the pool's policy that the password breaks. */
export function checkPassword({ properties }: UserPool, password: string): void {
  const policy = properties.Policies?.PasswordPolicy
  const given = policy ?? { RequireLowercase: true, RequireUppercase: true, RequireNumbers: true, RequireSymbols: true }
  const broken = [
    { breaks: password.length < (policy?.MinimumLength ?? 8), rule: "Password not long enough" },
    {
      breaks: given.RequireUppercase && !/[A-Z]/.test(password),
      rule: "Password must have uppercase characters",
    },
    {
      breaks: given.RequireLowercase && !/[a-z]/.test(password),
      rule: "Password must have lowercase characters",
    },
    { breaks: given.RequireNumbers && !/\d/.test(password), rule: "Password must have numeric characters" },
    {
      breaks: given.RequireSymbols && ![...password].some(character => symbols.includes(character)),
      rule: "Password must have symbol characters",
    },
  ].find(({ breaks }) => breaks)
  if (broken) {
    throw new AwsError("InvalidPasswordException", `Password did not conform with policy: ${broken.rule}`)
  }
}

/** A password that every policy of up to 14 characters takes. */
export function temporaryPassword(): string {
  const pick = (characters: string, count: number) =>
    Array.from({ length: count }, () => characters.charAt(randomInt(characters.length))).join("")
  return `${pick("ABCDEFGHJKLMNPQRSTUVWXYZ", 4)}${pick("!#%&*?", 2)}${pick("abcdefghijkmnpqrstuvwxyz", 4)}${pick("23456789", 4)}`
}
