/** A feed's settings cannot be kept: what a fetch without them would bring is not what the operator asked for. */
export class SettingsError extends Error {}
