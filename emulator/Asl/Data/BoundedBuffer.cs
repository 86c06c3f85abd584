using System.Buffers;

namespace Disa.Asl.Data;

/// <summary>A buffer that grows up to a limit; what would go beyond ends the writing.</summary>
internal sealed class BoundedBuffer(int limit) : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Advance(int count)
    {
        Check(count);
        _bytes.Advance(count);
    }

    // What one token asks for may be more than it needs, so only what is written counts.
    public Memory<byte> GetMemory(int sizeHint = 0) => _bytes.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _bytes.GetSpan(sizeHint);

    private void Check(int more)
    {
        if (_bytes.WrittenCount + more > limit)
        {
            throw new WorkflowException(
                WorkflowError.DataLimitExceeded,
                "The value of an expression exceeds the maximum number of bytes service limit."
            );
        }
    }
}
