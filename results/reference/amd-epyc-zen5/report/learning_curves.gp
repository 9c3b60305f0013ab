# Written by crosslane plot. `gnuplot learning_curves.gp` draws the picture again.
if (!exists("title_text")) title_text = 'report: learning curves'
if (!exists("subtitle")) subtitle = 'ml-100k'
if (!exists("formats")) formats = 'svg png'
if (!exists("mean_predictor")) mean_predictor = 1.2671283803995788

# Learning curves: training loss, validation and test MSE against the epoch,
# means over seeds and folds; a band from the least to the largest test MSE.
#
#   gnuplot -c learning_curves.gp [DATA.tsv [FORMATS]]
#
# FORMATS: any of svg, png and text, parted by blanks. Pictures are named after
# the data; text goes to standard output. `gnuplot -e "title_text='...'"` sets
# title_text and subtitle.
#
# DATA, a block an architecture: its label, then lines of
#       epoch, n, training loss, validation MSE, test MSE, least, largest
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'learning_curves.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'learning curves'
if (!exists("subtitle")) subtitle = ''

set encoding utf8
set colorsequence podo
set datafile separator tab
set datafile missing NaN
stem = data[1:strlen(data) - 4]

# A label stands alone on its line, the numbers after it: `longest` is its
# width, and all numbers together have the range low to high.
greater(a, b) = a > b ? a : b
low = 1e300
high = -1e300
see(x) = x == x ? (low = x < low ? x : low, high = greater(high, x), 1) : 0
longest = 0
validation = 0
look(line) = (longest = greater(longest, strlen(strcol(1))), \
              see(column(3)) + see(column(5)) + see(column(6)) + see(column(7)), \
              validation = see(column(4)) ? 1 : validation, 0)
stats data using (look(0)) nooutput name 'ALL'
stats data using 1 nooutput name 'EPOCH'
blocks = int(EPOCH_blocks)
logarithmic = low > 0 && high > 3 * low
# podo's colours in an order that keeps its yellow, faint on white, for last
colour(i) = int(word('6 7 4 1 2 8 3 5', i % 8 + 1))

set title title_text . (strlen(subtitle) > 0 ? "\n" . subtitle : '') noenhanced
set xlabel 'epoch' noenhanced
set ylabel 'mean squared error (squared rating points' . (logarithmic ? ', logarithmic)' : ')') noenhanced
set xrange [EPOCH_min:greater(EPOCH_max, EPOCH_min + 1)]
if (EPOCH_max - EPOCH_min < 10) set xtics 1
margin = 0.05 * greater(high - low, 0.01 * abs(high))
if (logarithmic) {
  set logscale y
  set yrange [low / 1.05:high * 1.05]
  set ytics (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50, 100, 200, 500, 1000)
} else {
  set yrange [low - margin:high + margin]
}
set xtics nomirror out
set ytics nomirror out
set grid xtics ytics lc rgb '#e0e0e0' lt 1
set border 3 lc rgb '#404040'
set key center top Left reverse vertical maxcols 1 noenhanced samplen 4

entries = blocks + 2 + validation
width = int(greater(720, 7.6 * longest + 120))
bottom_pixels = 64 + 17 * entries
height = int(460 + bottom_pixels)

do for [format in formats] {
  if (format eq 'text') {
    set terminal dumb size greater(100, longest + 20), 30 + blocks noenhanced
    set output
    unset grid
    set ylabel 'test MSE'
    set key outside below center
    plot for [i = 0:blocks - 1] data index i using 1:5 with lines lt i + 1 title columnheader(1)
  } else {
    if (format eq 'svg') {
      set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
    } else {
      set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
    }
    set output stem . '.' . format
    set bmargin at screen 1.0 * bottom_pixels / height
    set key at screen 0.5, screen (bottom_pixels - 50.0) / height
    plot for [i = 0:blocks - 1] data index i using 1:6:7 with filledcurves lc colour(i) fs transparent solid 0.15 noborder notitle, \
         for [i = 0:blocks - 1] data index i using 1:3 with lines lc colour(i) dt 2 notitle, \
         for [i = 0:blocks - 1] data index i using 1:4 with lines lc colour(i) dt 3 lw 1.5 notitle, \
         for [i = 0:blocks - 1] data index i using 1:5 with lines lc colour(i) lw 1.5 title columnheader(1), \
         keyentry with lines lc rgb '#404040' lw 1.5 title 'test MSE (band: its least to its largest over seeds and folds)', \
         keyentry with lines lc rgb '#404040' dt 2 title 'training loss', \
         for [i = 1:validation] keyentry with lines lc rgb '#404040' dt 3 lw 1.5 title 'validation MSE'
    unset output
  }
}
