namespace Disa.Contract.Tests;

public sealed class InstantTests
{
    [Fact]
    public void A_time_is_written_in_UTC_to_the_millisecond() =>
        Assert.Equal(
            "2026-11-23T06:30:05.070Z",
            Instant.Text(new DateTimeOffset(2026, 11, 23, 8, 30, 5, 70, TimeSpan.FromHours(2)).AddTicks(9_999))
        );

    [Theory]
    [InlineData("2026-11-23T06:30:05.070Z", "2026-11-23T06:30:05.070Z")]
    [InlineData("2026-11-23T08:30:05+02:00", "2026-11-23T06:30:05.000Z")]
    [InlineData("2026-11-23T06:30:05", "2026-11-23T06:30:05.000Z")]
    public void Any_offset_is_read_and_none_is_UTC(string text, string expected)
    {
        Assert.True(Instant.TryParse(text, out var time));
        Assert.Equal((TimeSpan.Zero, expected), (time.Offset, Instant.Text(time)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("2026-13-23T06:30:05Z")]
    public void What_is_not_a_time_is_refused(string? text) => Assert.False(Instant.TryParse(text, out _));
}
