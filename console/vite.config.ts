import react from "@vitejs/plugin-react"
import { defineConfig } from "vite"

/** Paths are relative, so that the build can stand at any address. `npm run dev` asks a local host on port 4000. */
export default defineConfig({
  base: "./",
  plugins: [react()],
  build: { target: "es2022", chunkSizeWarningLimit: 1_000 },
  server: { proxy: { "/config.json": "http://127.0.0.1:4000" } },
})
