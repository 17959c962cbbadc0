import { options, type ComponentChildren, type VNode } from "preact";

import { straight } from "../../../gateway/core/free-text.ts";

/** Every text that this app shows from now on keeps the direction of the page, whoever wrote it. */
export function straightenTexts(): void {
  const before = options.vnode;
  options.vnode = (vnode: VNode<{ children?: ComponentChildren }>) => {
    const { props } = vnode;
    if (props?.children !== undefined) props.children = straightened(props.children);
    before?.(vnode);
  };
}

const straightened = (child: ComponentChildren): ComponentChildren =>
  typeof child === "string"
    ? straight(child)
    : Array.isArray(child)
      ? child.map(straightened)
      : child;
