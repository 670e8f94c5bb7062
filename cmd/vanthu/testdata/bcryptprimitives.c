/* What Go asks of bcryptprimitives.dll, which Wine 8 does not have: x86_64-w64-mingw32-gcc -shared -o bcryptprimitives.dll THIS -ladvapi32 */
#include <windows.h>

BOOLEAN WINAPI SystemFunction036(PVOID buffer, ULONG length); /* RtlGenRandom */

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) {
	return SystemFunction036(data, (ULONG)length);
}
