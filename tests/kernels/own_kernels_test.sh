#!/bin/sh
# Kernels of one's own are tested as ours are: own_kernels_test.sh KERNELS_TEST EXAMPLE SPOILED...
#
# EXAMPLE is examples/my_kernels.c, SPOILED are the shared objects of spoiled_kernels.c in the
# order of its faults.
set -u
tests=$1 example=$2
shift 2

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

said=$("$tests" --isa scalar --with "$example") || fail "$said"
case $said in
  'mine: 2 kernels, '*' cases, 0 failed; the same bytes as scalar') ;;
  *) fail "$said" ;;
esac

number=0
for object; do
  number=$((number + 1))
  said=$("$tests" --isa scalar --with "$object" 2>&1)
  status=$?
  case $number,$status,$said in
    1,1,*'l2 '*' g['*) ;;
    2,1,*'wrote outside of g'*) ;;
    3,1,*'input w was written to'*) ;;
    4,1,*'integers'*) ;;
    5,1,*'head_forward'*'by more than its tolerance'*) ;;
    6,0,'spoiled: 1 kernel, '*' cases, 0 failed; within 1e-05 of scalar') ;;
    7,2,*'its name must be'*) ;;
    8,2,*'it has no kernel') ;;
    *) fail "fault $number, status $status: $said" ;;
  esac
done
[ "$number" -eq 8 ] || fail "$number objects"
"$tests" --isa scalar --with /nowhere.so 2>&1 | grep -q 'cannot be loaded' || fail 'no file'
