# Written by crosslane plot. `gnuplot mse_by_architecture.gp` draws the picture again.
if (!exists("title_text")) title_text = 'report: test MSE by architecture'
if (!exists("subtitle")) subtitle = 'ml-100k'
if (!exists("formats")) formats = 'svg png'
if (!exists("mean_predictor")) mean_predictor = 1.2671283803995788

# Test MSE by architecture: mean and standard deviation, and the single trials.
#
#   gnuplot -c mse_by_architecture.gp [DATA.tsv [FORMATS]]
#
# FORMATS: any of svg, png and text, parted by blanks. Pictures are named after
# the data; text goes to standard output. `gnuplot -e "title_text='...'"` sets
# title_text, subtitle, irreducible and mean_predictor (test MSE of a perfect
# model, and of one that predicts the mean rating).
#
# DATA, block 0: position, label, n, mean, sd, mean - sd, mean + sd
#       block 1: position, MSE of one trial, seed, fold
if (exists("ARGC")) if (ARGC >= 1) data = ARG1
if (exists("ARGC")) if (ARGC >= 2) formats = ARG2
if (!exists("data")) data = 'mse_by_architecture.tsv'
if (!exists("formats")) formats = 'svg'
if (!exists("title_text")) title_text = 'test MSE by architecture'
if (!exists("subtitle")) subtitle = ''
if (!exists("irreducible")) irreducible = NaN
if (!exists("mean_predictor")) mean_predictor = NaN

set encoding utf8
set colorsequence podo
set datafile separator tab
set datafile missing NaN
stem = data[1:strlen(data) - 4]

# Labels: how many, how wide their longest line is, how many lines they have.
first_line(s) = strstrt(s, "\n") > 0 ? s[1:strstrt(s, "\n") - 1] : s
other_lines(s) = strstrt(s, "\n") > 0 ? s[strstrt(s, "\n") + 1:strlen(s)] : ''
greater(a, b) = a > b ? a : b
longest_line(s) = strlen(s) == 0 ? 0 : greater(strlen(first_line(s)), longest_line(other_lines(s)))
lines_of(s) = strlen(s) == 0 ? 0 : 1 + lines_of(other_lines(s))
longest = 0
lines = 1
measure(s) = (longest = greater(longest, longest_line(s)), lines = greater(lines, lines_of(s)), 0)
stats data index 0 using (measure(strcol(2)), $1) nooutput name 'PLACE'
rows = int(PLACE_max)

# The range: all bars and trials. A reference line is drawn when it does not
# squeeze them into less than a half, and is only told of otherwise.
stats data index 0 using 6 nooutput name 'LOW'
stats data index 0 using 7 nooutput name 'HIGH'
stats data index 1 using 2 nooutput name 'TRIAL'
low = LOW_min < TRIAL_min ? LOW_min : TRIAL_min
high = greater(HIGH_max, TRIAL_max)
span = high - low > 1e-4 * high ? high - low : 0.02 * high
inner_low = low
inner_high = high
near(x) = x == x && x >= inner_low - span && x <= inner_high + span
far(x) = x == x && !near(x)
if (near(irreducible)) if (irreducible < low) low = irreducible
if (near(irreducible)) if (irreducible > high) high = irreducible
if (near(mean_predictor)) if (mean_predictor < low) low = mean_predictor
if (near(mean_predictor)) if (mean_predictor > high) high = mean_predictor
span = greater(high - low, span)
irreducible_text = sprintf('irreducible MSE of the data: %.4f', irreducible)
predictor_text = sprintf('predicting the mean rating: %.4f', mean_predictor)
notes = subtitle
if (far(irreducible)) notes = notes . "\n" . irreducible_text . ' (outside the picture)'
if (far(mean_predictor)) notes = notes . "\n" . predictor_text . ' (outside the picture)'

set title title_text . (strlen(notes) > 0 ? "\n" . notes : '') noenhanced
set xlabel 'test MSE (squared rating points)' noenhanced
set xrange [low - 0.05 * span:high + 0.05 * span]
set yrange [rows + 0.6:0.4]
set format x '%.6g'
set xtics nomirror out
set ytics nomirror scale 0 noenhanced
set grid xtics ytics lc rgb '#e0e0e0' lt 1
set border 3 lc rgb '#404040'
set key center top vertical maxcols 1 Left reverse noenhanced samplen 4

label_pixels = 7.6 * longest + 24
width = int(label_pixels + 600)
row_pixels = lines > 1 ? 17 * lines + 6 : 24
entries = 2 + near(irreducible) + near(mean_predictor)
bottom_pixels = 64 + 17 * entries
height = int(greater(rows, 2) * row_pixels + 46 + bottom_pixels + 17 * lines_of(notes))

do for [format in formats] {
  if (format eq 'text') {
    set terminal dumb size longest + 76, greater(rows, 3) * (lines > 1 ? lines : 2) + 12 + lines_of(notes) noenhanced
    set output
    set lmargin longest + 2
    set bmargin 6
    set key at screen 0.5, screen 0.0 center bottom
    unset grid
    unset arrow
    plot data index 1 using 2:1 with points pt '.' title 'one trial', \
         data index 0 using 4:1:6:7:ytic(2) with xerrorbars pt 'O' notitle, \
         keyentry with points pt 'O' title 'mean ± sd'
  } else {
    if (format eq 'svg') {
      set terminal svg size width, height font 'sans-serif,12' background rgb 'white' noenhanced
    } else {
      set terminal pngcairo size 2 * width, 2 * height font 'sans,9' fontscale 2 linewidth 2 pointscale 2 background rgb 'white' noenhanced
    }
    set output stem . '.' . format
    set lmargin at screen label_pixels / width
    set rmargin at screen 1 - 30.0 / width
    set bmargin at screen 1.0 * bottom_pixels / height
    set key at screen (label_pixels + 0.5 * (width - label_pixels)) / width, screen (bottom_pixels - 50.0) / height
    unset arrow
    if (near(irreducible)) {
      set arrow from irreducible, graph 0 to irreducible, graph 1 nohead dt 2 lw 1.5 lc 4
    }
    if (near(mean_predictor)) {
      set arrow from mean_predictor, graph 0 to mean_predictor, graph 1 nohead dt 4 lw 1.5 lc 7
    }
    plot data index 1 using 2:($1 + 0.22) with points pt 7 ps 0.45 lc rgb '#4056b4e9' title 'one trial', \
         data index 0 using 4:1:6:7:ytic(2) with xerrorbars pt 7 ps 0.9 lw 1.5 lc 6 title 'mean ± sd over seeds and folds', \
         for [i = 1:near(irreducible)] keyentry with lines dt 2 lw 1.5 lc 4 title irreducible_text, \
         for [i = 1:near(mean_predictor)] keyentry with lines dt 4 lw 1.5 lc 7 title predictor_text
    unset output
  }
}
