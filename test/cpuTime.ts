/** Milliseconds of CPU that this process spends on some work, in all its threads: what else the machine does is not in it. */
export async function cpuMsOf(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
