using Disa.Emulator.StepFunctions;

namespace Disa.Emulator.Tests.StepFunctions;

/// <summary>What draws of chance give, whatever the source.</summary>
public sealed class SecureRandomTests
{
    [Fact]
    public void Draws_stay_within_their_bounds_and_reach_them()
    {
        var random = SecureRandom.Instance;
        var draws = Enumerable.Range(0, 2000).ToList();

        Assert.Equal([3, 4, 5], draws.Select(_ => random.Next(3, 6)).Distinct().Order());
        Assert.Equal([-1L, 0, 1], draws.Select(_ => random.NextInt64(-1, 2)).Distinct().Order());
        Assert.Equal((7, 7L), (random.Next(7, 7), random.NextInt64(7, 7)));
        Assert.All(draws, _ => Assert.InRange(random.NextInt64(long.MinValue, long.MaxValue), long.MinValue, long.MaxValue - 1));
        Assert.All(draws, _ => Assert.InRange(random.NextDouble(), 0, 1 - double.Epsilon));
        Assert.All(draws, _ => Assert.InRange(random.NextSingle(), 0, 0.99999995f));
        Assert.InRange(draws.Average(_ => random.NextDouble()), 0.4, 0.6);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextInt64(1, 0));
    }
}
