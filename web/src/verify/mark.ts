/** Tells the style sheet that this page's script runs. */
export const markScripted = (): void => {
  document.documentElement.dataset["script"] = "on";
};
