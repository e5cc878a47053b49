/** The app as Booster's local provider loads it from the `dist` of the folder that it runs in. */
const core = require("@boostercloud/framework-core")

core.Booster.configure("local", config => {
  config.appName = "bank"
  config.providerPackage = "@boostercloud/framework-provider-local"
})

module.exports = {
  Booster: core.Booster,
  boosterEventDispatcher: core.boosterEventDispatcher,
  boosterServeGraphQL: core.boosterServeGraphQL,
  boosterHealth: core.boosterHealth,
  boosterNotifySubscribers: core.boosterNotifySubscribers,
  boosterTriggerScheduledCommands: core.boosterTriggerScheduledCommands,
  boosterRocketDispatcher: core.boosterRocketDispatcher,
}

core.Booster.start(__dirname)
