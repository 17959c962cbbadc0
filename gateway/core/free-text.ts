/** Letters that, of the languages of these pages and their visitors, Vietnamese alone has. */
const VIETNAMESE = /[ăđơưĂĐƠƯ\u1ea0-\u1ef9]/u;

/** The language (BCP 47) of what a person wrote, as far as its letters tell; "" is HTML's word for unknown. */
export const languageOfText = (text: string): "vi" | "" =>
  VIETNAMESE.test(text.normalize("NFC")) ? "vi" : "";

/** The text with what would turn its direction (UAX #9) made visible: a stranger's name must not reorder the words around it. */
export const straight = (text: string): string =>
  text.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
