// Each run has a table and pictures of its own.

const tables = [];
for (const article of document.querySelectorAll("article")) {
  const table = new Table(article.querySelector(".results"));
  tables.push(table);
  article.querySelectorAll("figure").forEach((figure, number) => {
    table.pictures.push(new Picture(figure, table, String(number)));
  });
}

// A row that runs share marks its architecture in each of them.
for (const table of document.querySelectorAll(".changes table")) {
  sortByHeads(table);
  for (const row of table.tBodies[0].rows) {
    row.addEventListener("click", () => {
      for (const run of tables) {
        const number = run.rows.findIndex((own) => valueOf(own, 0) === valueOf(row, 0));
        if (number >= 0) run.mark(number);
      }
    });
  }
}
