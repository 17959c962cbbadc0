// Loaded before everything else by `node -r`: an old Node cannot even read TypeScript, and would say so by a stack trace.
const wanted = 24;
if (Number(process.versions.node.split(".")[0]) < wanted) {
  console.error(
    "Plotline needs Node " +
      wanted +
      " or newer; this is " +
      process.versions.node +
      ". " +
      'Try: npx -y -p node@24 -c "npm ci && npm run demo"',
  );
  process.exit(2); // of `verify`, 1 would say that records do not match
}

// What TypeScript becomes is kept between two starts: a gateway that need not make it again starts sooner, and is smaller.
require("node:module").enableCompileCache(
  require("node:path").join(__dirname, "../node_modules/.cache/plotline"),
);
