import { AwsError } from "../host.ts"

/** Cognito's errors, each with its sentence. */
export const notAuthorized = (message: string) => new AwsError("NotAuthorizedException", message)
export const invalidParameter = (message: string) => new AwsError("InvalidParameterException", message)
export const notFound = (message: string) => new AwsError("ResourceNotFoundException", message)
export const wrongPassword = () => notAuthorized("Incorrect username or password.")
export const userNotFound = () => new AwsError("UserNotFoundException", "User does not exist.")
