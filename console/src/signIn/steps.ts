/** A step of signing in, with what is known by then. */
export type Step =
  | { readonly name: "signIn" | "signUp" | "forgot" }
  | { readonly name: "confirm"; readonly email: string; readonly password: string }
  | { readonly name: "reset"; readonly email: string }
  /** Cognito asks for more before it lets the person in. */
  | { readonly name: "secondFactor"; readonly from: "app" | "mail" | "phone" }
  | { readonly name: "newPassword" }
