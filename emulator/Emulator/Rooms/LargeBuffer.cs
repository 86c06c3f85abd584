using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Disa.Emulator.Rooms;

/// <summary>
/// The bytes of a large body, outside the collected heap: given back to the system when disposed, where arrays of that size would stay with
/// the process for long. What is not yet written to takes no memory. Nothing gives it back by itself: whoever makes one releases it.
/// </summary>
internal sealed class LargeBuffer : MemoryManager<byte>
{
    /// <summary>From which size on it is worth it.</summary>
    public const int Least = 1024 * 1024;

    private nint start;
    private readonly int length;

    public LargeBuffer(int length)
    {
        start = Marshal.AllocHGlobal(length);
        this.length = length;
    }

    /// <summary>Gives a body's memory back, where it is one of these.</summary>
    public static void Release(ReadOnlyMemory<byte> body)
    {
        if (MemoryMarshal.TryGetMemoryManager<byte, LargeBuffer>(body, out var buffer))
        {
            ((IDisposable)buffer).Dispose();
        }
    }

    public override Memory<byte> Memory => CreateMemory(length);

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(start == 0, this);
        return MemoryMarshal.CreateSpan(ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), start), length);
    }

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("Sockets copy from it.");

    public override void Unpin() { }

    protected override void Dispose(bool disposing)
    {
        var freed = Interlocked.Exchange(ref start, 0);
        if (freed != 0)
        {
            Marshal.FreeHGlobal(freed);
        }
    }
}
