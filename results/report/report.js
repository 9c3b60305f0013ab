// Each run has a table and pictures of its own.

for (const article of document.querySelectorAll("article")) {
  const table = new Table(article.querySelector(".results"));
  article.querySelectorAll("figure").forEach((figure, number) => {
    table.pictures.push(new Picture(figure, table, String(number)));
  });
}
