/** What the readers of this folder throw; nothing of it leaves `verdict.ts`. */
export class Malformed extends Error {}
