using Microsoft.Testing.Platform.Extensions;
using Microsoft.Testing.Platform.Extensions.Messages;
using Microsoft.Testing.Platform.Extensions.TestHost;
using Microsoft.Testing.Platform.Messages;
using Microsoft.Testing.Platform.Services;
using Microsoft.Testing.Platform.TestHost;

namespace Disa.Tests;

/// <summary>Reports each class of tests, or test of a class, that was not drawn as skipped, so that a run that is shorter says so wherever its results are shown.</summary>
internal sealed class NotDrawn(IMessageBus messages, IReadOnlyList<string> names, string why) : ITestSessionLifetimeHandler, IDataProducer
{
    public string Uid => nameof(NotDrawn);

    public string Version => "1";

    public string DisplayName => "Tests that were not drawn";

    public string Description => "Reports the tests that tests/Entry.cs left out.";

    public Type[] DataTypesProduced { get; } = [typeof(TestNodeUpdateMessage)];

    public Task<bool> IsEnabledAsync() => Task.FromResult(true);

    public async Task OnTestSessionStartingAsync(ITestSessionContext testSessionContext)
    {
        foreach (var name in names)
        {
            var node = new TestNode
            {
                Uid = $"not drawn: {name}",
                DisplayName = name,
                Properties = new PropertyBag(new SkippedTestNodeStateProperty(why)),
            };
            await messages.PublishAsync(this, new TestNodeUpdateMessage(testSessionContext.SessionUid, node));
        }
    }

    public Task OnTestSessionFinishingAsync(ITestSessionContext testSessionContext) => Task.CompletedTask;
}
