/** Accounts that are deposited into, written as Booster's compiler would leave decorated classes with their types. */
const { Booster, Command, Entity, Event, Projects, ReadModel, Reduces } = require("@boostercloud/framework-core")
const { __decorate } = require("tslib")

const text = { name: "string", typeName: "String", typeGroup: "String", type: String }
const number = { name: "number", typeName: "Number", typeGroup: "Number", type: Number }
const id = { name: "UUID", typeName: "UUID", typeGroup: "Class" }
const typed = info => ({ ...info, isNullable: false, isGetAccessor: false, parameters: [] })

/** What Booster's compiler plug-in notes of a class. */
const withTypes = (type, fields, methods = []) =>
  Reflect.defineMetadata(
    "booster:typeinfo",
    {
      name: type.name,
      type,
      fields: Object.entries(fields).map(([name, info]) => ({ name, typeInfo: typed(info), dependencies: [] })),
      methods,
    },
    type,
  )
const decorate = (type, ...decorators) => __decorate(decorators, type)
const decorateMethod = (type, method, decorator) => decorator(type, method)

class Deposited {
  constructor(accountId, amount, reference) {
    Object.assign(this, { accountId, amount, reference })
  }
  entityID() {
    return this.accountId
  }
}
withTypes(Deposited, { accountId: id, amount: number, reference: text })
decorate(Deposited, Event)

class Account {
  constructor(id, balance) {
    Object.assign(this, { id, balance })
  }
  static deposit(event, account) {
    return new Account(event.accountId, (account?.balance ?? 0) + event.amount)
  }
}
withTypes(Account, { id, balance: number })
decorate(Account, Entity)
decorateMethod(Account, "deposit", Reduces(Deposited))

class Deposit {
  constructor(accountId, amount, reference) {
    Object.assign(this, { accountId, amount, reference })
  }
  static async handle(command, register) {
    const account = await Booster.entity(Account, command.accountId)
    if (account === undefined) throw new Error("there is no such account")
    register.events(new Deposited(command.accountId, command.amount, command.reference))
  }
}
withTypes(Deposit, { accountId: id, amount: number, reference: text }, [
  {
    name: "handle",
    typeInfo: {
      ...typed({ name: "Promise<void>", typeName: "Promise", typeGroup: "Class" }),
      parameters: [typed({ name: "void", typeName: "void", typeGroup: "Other" })],
    },
  },
])
decorate(Deposit, Command({ authorize: "all" }))

class AccountView {
  constructor(id, balance) {
    Object.assign(this, { id, balance })
  }
  static project(account) {
    return new AccountView(account.id, account.balance)
  }
}
withTypes(AccountView, { id, balance: number })
decorate(AccountView, ReadModel({ authorize: "all" }))
decorateMethod(AccountView, "project", Projects(Account, "id"))
