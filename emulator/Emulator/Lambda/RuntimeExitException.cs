namespace Disa.Emulator.Lambda;

/// <summary>A runtime that ends before it starts the function: what it says, and its exit status.</summary>
internal sealed class RuntimeExitException(string line, int status) : Exception(line)
{
    public int Status => status;
}
