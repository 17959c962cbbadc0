/** The messages that web/messages-apart.ts took out of the sources. */
declare module "virtual:messages" {
  const messages: readonly string[];
  export default messages;
}
