using System.Security.Cryptography;

namespace Disa.Emulator.StepFunctions;

/// <summary>The chance that interpreters draw on: task tokens come from it, and from those that one worker has seen nobody may foretell another's.</summary>
internal sealed class SecureRandom : Random
{
    public static readonly SecureRandom Instance = new();

    private SecureRandom() { }

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue) => Next(0, maxValue);

    public override int Next(int minValue, int maxValue) =>
        minValue == maxValue ? minValue : RandomNumberGenerator.GetInt32(minValue, maxValue);

    public override long NextInt64() => NextInt64(long.MaxValue);

    public override long NextInt64(long maxValue) => NextInt64(0, maxValue);

    /// <summary>128 bits to draw from, so that no value comes noticeably more often than another.</summary>
    public override long NextInt64(long minValue, long maxValue)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minValue, maxValue);
        var span = (ulong)maxValue - (ulong)minValue;
        return span == 0 ? minValue : minValue + (long)(ulong)(new UInt128(Bits(), Bits()) % span);
    }

    public override double NextDouble() => Sample();

    public override float NextSingle() => (Bits() >> 40) * (1f / (1 << 24));

    public override void NextBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    protected override double Sample() => (Bits() >> 11) * (1.0 / (1UL << 53));

    private static ulong Bits()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }
}
