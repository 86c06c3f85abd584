namespace Disa.Contract.Tests;

public sealed class BackoffTests
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 8);

    [Theory]
    [InlineData(1, 30)]
    [InlineData(2, 60)]
    [InlineData(3, 120)]
    [InlineData(7, 1920)]
    [InlineData(8, 3600)]
    [InlineData(9, 3600)]
    [InlineData(int.MaxValue, 3600)]
    public void The_bound_doubles_until_it_is_the_longest(int attempts, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Bound(attempts));

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 0.01, 1)]
    [InlineData(1, 0.5, 15)]
    [InlineData(1, 1, 30)]
    [InlineData(3, 0.25, 30)]
    [InlineData(20, 0.5, 1800)]
    public void A_delay_is_a_part_of_the_bound_and_never_less_than_a_second(int attempts, double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Backoff.Delay(attempts, chance));
}
