# Nothing of a start-up file (~/.gnuplot) reaches the picture. `reset` leaves the
# output, the options of a terminal and the styles of lines as they were.
unset multiplot
unset table
set print
undefine a* b* c* d* e* f* g* h* i* j* k* l* m* n* o* p* q* r* s* t* u* v* w* x* y* z*
reset
set terminal svg fixed butt solid dashlength 1 linewidth 1 fontscale 1
if (strstrt(GPVAL_TERMINALS, ' pngcairo ')) set terminal pngcairo color notransparent nocrop butt dashlength 1
set terminal dumb mono
set terminal unknown
set encoding utf8
unset decimalsign
if (GPVAL_VERSION >= 5.4) unset minussign; unset micro; unset datafile columnheaders
set colorsequence podo
do for [i = 1:8] { unset dashtype i }
do for [i = 1:8] { set linetype i linewidth 1 dashtype solid pointtype i pointsize default }
set linetype cycle 8
set datafile separator tab
set datafile missing NaN

