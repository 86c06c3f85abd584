using Disa.Emulator.Lambda;
using Microsoft.Extensions.Time.Testing;

namespace Disa.Emulator.Tests.Lambda;

public sealed class StartSlotsTests
{
    private readonly FakeTimeProvider wall = new();

    [Fact]
    public async Task As_many_start_at_a_time_as_there_are_processors()
    {
        var starts = new StartSlots(wall);
        var turns = new List<IDisposable?>();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            turns.Add(await starts.Enter(default));
        }

        var next = starts.Enter(default);
        Assert.False(next.IsCompleted);
        turns[0]!.Dispose();

        Assert.NotNull(await next);
    }

    [Fact]
    public async Task Who_has_waited_long_enough_starts_without_a_turn_and_leaves_none_behind()
    {
        var starts = new StartSlots(wall);
        var turns = new List<IDisposable?>();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            turns.Add(await starts.Enter(default));
        }

        var impatient = starts.Enter(default);
        wall.Advance(TimeSpan.FromSeconds(8));
        Assert.Null(await impatient);

        turns.ForEach(turn => turn!.Dispose());
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            Assert.NotNull(await starts.Enter(default));
        }
    }
}
