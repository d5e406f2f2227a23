/** An action that cannot be carried out, and will not be by trying again; the message tells the operator what to do. */
export class ActionRefused extends Error {}
