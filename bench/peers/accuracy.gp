# MSE against processor time of Crosslane and other programs: a line for each program.
#
#   gnuplot -c accuracy.gp accuracy.tsv [TITLE]
#
# The data: a block for each program, the last one marked. A block's first line has the
# program's name and those of the columns; a row has the program's name, the model, CPU
# seconds of training and MSE. Pictures are named after the data.
data = ARG1
title_text = ARGC >= 2 ? ARG2 : ''
stem = data[1:strlen(data) - 4]

set encoding utf8
set datafile separator tab
set datafile columnheaders
set colorsequence podo
stats data using 3 name 'X' nooutput
stats data using 4 name 'Y' nooutput
last = X_blocks - 1
stats data index last using 4 name 'LAST' nooutput
x_low = X_min / 2
x_high = X_max * 20  # the models' names stand to the right of their points
y_room = (Y_max - Y_min) * 0.06 + 1e-4
set xrange [x_low:x_high]
set yrange [Y_min - 2 * y_room:Y_max + y_room]

set title title_text noenhanced
set xlabel 'CPU seconds of training a fold, log scale'
set ylabel 'test MSE (squared rating points)'
set logscale x
set xtics ()
do for [e = -4:6] {
  do for [m in '1 3'] {
    x = real(m) * 10.0 ** e
    if (x >= x_low && x <= x_high) { set xtics add (sprintf('%g', x) x) }
  }
}
set xtics nomirror out
set ytics nomirror out
set grid xtics ytics lc rgb '#e0e0e0' lt 1
set border 3 lc rgb '#404040'
set key top right noenhanced samplen 3

do for [format in 'svg png'] {
  if (format eq 'svg') {
    set terminal svg size 820, 520 font 'sans-serif,12' background rgb 'white' noenhanced
  } else {
    if (!strstrt(GPVAL_TERMINALS, ' pngcairo ')) { break }
    set terminal pngcairo size 1640, 1040 font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
  }
  set output stem . '.' . format
  plot for [i = 0:last - 1] data index i using 3:4 with linespoints lc i + 1 dt 3 pt i + 5 title columnheader(1), \
       data index last using 3:4 with linespoints lc 7 lw 2.5 pt 7 ps 1.3 title columnheader(1), \
       for [i = 0:last - 1] data index i using 3:4:2 with labels left offset 0.9, 0.4 \
         tc rgb '#606060' font ',10' notitle, \
       for [i = 0:(LAST_records > 1)] data index last using 3:4:2 every 2::i with labels center offset 0, -1.1 - 1.3 * i \
         tc rgb '#000000' font ',10' notitle
  unset output
}
