/** `@aws-appsync/utils/ai`: requests to Bedrock, which the host has not. */
export const aiModule = {
  invokeModel: (payload: object) => ({ operation: "InvokeModel", ...payload }),
  converse: (payload: object) => ({ operation: "Converse", ...payload }),
}
