import appsync from "@aws-appsync/eslint-plugin"

/** ESLint holds the resolvers to what APPSYNC_JS can run; everything else is Biome's. */
export default [
  { ignores: ["**/*", "!resolvers/", "!resolvers/**"] },
  {
    ...appsync.configs.recommended,
    files: ["resolvers/**/*.ts"],
    languageOptions: {
      ...appsync.configs.recommended.languageOptions,
      parserOptions: { project: "./resolvers/tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
  },
]
