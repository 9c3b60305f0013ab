# Two letters: without a font they are the same picture.
if (!strstrt(GPVAL_TERMINALS, ' pngcairo ')) { exit }
set print '-'
print 'pngcairo'
set terminal pngcairo size 200, 200 font 'sans,20'
unset border
unset tics
unset key
do for [letter in 'I M'] {
  set output letter . '.png'
  set label 1 letter at screen 0.5, 0.5
  plot [0:1][0:1] -1
  unset output
}
