using System.Text.Json;
using Microsoft.Playwright;

namespace AkkaLb.Dashboard.Tests.Browser;

/// <summary>Whoever has no mouse comes to every control of a page, and sees where he is.</summary>
internal static class KeyboardWalk
{
    // Of the page: its controls, but for radio buttons, of which the keyboard comes to the chosen one, and those in a closed <details>.
    private const string Controls = """
        () => {
          const controls = 'a[href], button:not(:disabled), input:not(:disabled), select, summary, [tabindex="0"]';
          const all = [...document.querySelectorAll(controls)]
            .filter(e => (e.type !== 'radio' || e.checked) && (e.matches('.skip') || e.checkVisibility()));
          all.forEach((e, i) => e.dataset.control = i);
          return all.map(e => e.outerHTML.slice(0, 120));
        }
        """;

    // Of the focus: which control has it, and whether anything shows that.
    private const string Focus = """
        () => {
          const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
          const shown = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.filter !== 'none';
          return { at: Number(e.dataset.control ?? -1), shown: shown && box.right > 0 && box.bottom > 0 };
        }
        """;

    public static async Task ShouldReachEveryControlAsync(this OpenPage page, int atLeast = 6)
    {
        string[] controls, missed, now = await page.Page.EvaluateAsync<string[]>(Controls);
        int walks = 0;
        do
        {
            controls = now;
            (walks++).ShouldBeLessThan(10, "the page does not come to rest");
            controls.Length.ShouldBeGreaterThanOrEqualTo(atLeast);
            missed = await WalkAsync(page, controls);
            // What is painted anew meanwhile, as when a run's moments have been read, has another order: only a page at rest is judged.
            now = await page.Page.EvaluateAsync<string[]>(Controls);
        }
        while (!now.SequenceEqual(controls));
        missed.ShouldBeEmpty();
    }

    /// <summary>The controls that the keyboard does not come to.</summary>
    private static async Task<string[]> WalkAsync(OpenPage page, string[] controls)
    {
        // Browsers show the focus to those only whose last input was a key.
        await page.Page.Keyboard.PressAsync("Tab");
        // From the top of the page: it has focused its heading.
        await page.Page.EvaluateAsync("() => { document.activeElement.blur(); getSelection().removeAllRanges(); }");
        await page["a.skip"].FocusAsync();
        HashSet<int> reached = [];
        for (int i = 0; i <= controls.Length; i++)
        {
            JsonElement focus = (await page.Page.EvaluateAsync(Focus))!.Value;
            int at = focus.GetProperty("at").GetInt32();
            if (at >= 0 && reached.Add(at))
            {
                focus.GetProperty("shown").GetBoolean().ShouldBeTrue($"nothing shows the focus on {controls[at]}");
            }
            await page.Page.Keyboard.PressAsync("Tab");
        }
        return [.. Enumerable.Range(0, controls.Length).Except(reached).Select(missing => controls[missing])];
    }
}
