// The C interface of COIN-OR Clp (Eclipse Public License), from the system's package.
#include <coin/Clp_C_Interface.h>
