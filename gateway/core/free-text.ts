/** Letters that, of the languages of these pages and their visitors, Vietnamese alone has. */
const VIETNAMESE = /[ăđơưĂĐƠƯ\u1ea0-\u1ef9]/u;

/** The language (BCP 47) of what a person wrote, as far as its letters tell; "" is HTML's word for unknown. */
export const languageOfText = (text: string): "vi" | "" =>
  VIETNAMESE.test(text.normalize("NFC")) ? "vi" : "";
