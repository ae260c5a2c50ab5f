"""Makes ``words.xz``: ``python -m users.passwords.generate_words``. The same words in, the same bytes out.

The words are ours, written down here: what people of our languages take for a password, by kind. Each comes with the
usual endings; Russian and Kazakh ones also in Latin letters and as they come out with the keyboard left in Latin.
"""

from __future__ import annotations

import itertools
import lzma
import sys
from collections.abc import Iterable, Iterator

from users.passwords.common import FILE, canonical

ENGLISH = """
password pass passwd passw0rd passcode passphrase secret admin administrator root user username guest login logon
signin welcome letmein changeme change default test testing tester temp temporary master server system access
account money secure security private public company office business manager director finance support service
internet network computer laptop desktop windows microsoft android iphone apple samsung google facebook youtube
instagram twitter whatsapp telegram netflix amazon minecraft pokemon roblox fortnite playstation nintendo xbox
starwars matrix superman batman spiderman ironman avengers hulk naruto pikachu simpsons harrypotter hogwarts gandalf
frodo jordan iloveyou ilove loveyou loveme lovely love lover sunshine princess prince queen king football soccer
baseball basketball hockey tennis golf rugby volleyball swimming boxing racing monkey dragon tiger lion eagle falcon
wolf bear shark dolphin turtle panther leopard cheetah elephant horse pony kitty kitten puppy doggy cat dog bird
fish snake spider butterfly ladybug shadow ninja samurai warrior knight soldier sniper hunter killer destroyer
assassin phantom ghost angel demon devil satan heaven hell jesus christ church bible lucky luckyone charlie freedom
liberty justice peace forever whatever nothing something anything everything trustno trustme hello hellohello hi
goodbye please thanks thankyou happy smile smiley cookie cookies chocolate candy sugar honey sweet sweetie cherry
apple banana orange lemon mango peach strawberry blueberry raspberry pineapple coconut pepper ginger cinnamon
vanilla coffee espresso cheese cheesecake pizza burger hotdog chicken bacon butter pancake muffin summer winter
spring autumn january february march april may june july august september october november december monday tuesday
wednesday thursday friday saturday sunday morning evening midnight tonight yesterday tomorrow today birthday
christmas halloween easter holiday vacation weekend family mother father mommy daddy brother sister baby babygirl
babyboy babe boyfriend girlfriend husband wife friend friends friendship buddy bestfriend flower flowers rose roses
lily daisy jasmine violet orchid tulip sunflower rainbow thunder lightning storm rain snow snowball snowman ice fire
flame phoenix blaze ocean river mountain forest island beach desert moon moonlight star stars starlight sun sky
galaxy universe earth mercury venus mars jupiter saturn uranus neptune pluto black white red blue green yellow
purple pink silver golden gold diamond crystal ruby emerald sapphire pearl platinum music musical guitar piano
violin drums rock rockstar metal metallica nirvana beatles eminem beyonce rihanna madonna michael jackson elvis
dance dancer dancing singer singing mustang ferrari porsche mercedes toyota honda nissan lexus bmw audi ford
chevrolet chevy camaro corvette harley yamaha kawasaki suzuki ducati liverpool arsenal chelsea manchester united
barcelona realmadrid madrid juventus milan inter bayern ajax celtic rangers everton tottenham lakers yankees cowboys
steelers packers eagles patriots ronaldo messi neymar beckham zidane mbappe maradona pele london paris berlin
newyork chicago boston dallas houston texas california florida america american canada england scotland ireland
france germany italy spain russia ukraine poland china japan india brazil mexico australia kazakhstan hungary turkey
europe michael jennifer jessica ashley amanda melissa nicole stephanie elizabeth samantha michelle andrew daniel
joshua matthew anthony william robert thomas david joseph christopher alexander alexandra benjamin nicholas jonathan
brandon justin austin taylor tyler hannah emily emma olivia sophia isabella victoria charlotte natalie patrick
george edward henry richard charles oliver harry jack james peter martin simon adam eric kevin brian steven jason
ryan aaron maggie molly buster bailey max rocky sparky snoopy scooter tigger whiskers mickey minnie donald disney
winnie bambi cinderella zxcvbn qazwsx qwertz qazaq qazaqstan asdfgh qwerty qwert qwe asd zxc abc abcd abcdef xyz aaa
blink fuckyou fuckoff fuck asshole bitch pussy sexy sex hotsex hot cool coolguy badboy badgirl goodboy gangster
gangsta hiphop rapper player gamer gaming pirate cowboy bandit outlaw rebel maverick viking titan hercules zeus
apollo athena merlin wizard magic magical unicorn mermaid fairy pumpkin peanut popcorn bubbles bubble pretty
beautiful handsome gorgeous sweetheart darling honeybee cutie precious blessed faith hope grace believe dream
dreamer dreams success winner champion victory power powerful strong mighty genius einstein newton tesla science
physics chemistry biology history school college university student teacher doctor nurse lawyer engineer programmer
developer hacker hacking linux ubuntu debian oracle mysql postgres database cisco router wireless wifi invoice
payment payments billing customer client banking bank credit card dollar euro cash rich million millionaire billion
lottery jackpot casino poker trump obama president captain commander general major sergeant police enter open sesame
opensesame unlock lock key keyboard mouse monitor screen printer phone mobile number letter alpha beta gamma delta
omega sigma zero one two three four five six seven eight nine ten hundred thousand first second third
""".split()  # noqa: SIM905
RUSSIAN = """
пароль логин админ администратор пользователь вход доступ секрет привет приветик здравствуй здравствуйте пока
спасибо любовь люблю люблютебя ятебялюблю любимый любимая любимка солнце солнышко зайка зайчик котик котенок киска
кошка кот собака собачка медведь мишка лиса лисичка волк тигр лев орел сокол дракон лошадь слон рыбка птичка бабочка
пчелка мама мамочка мамуля папа папочка бабушка дедушка брат братик сестра сестренка сын сынок дочь дочка доченька
семья ребенок муж жена друг друзья подруга счастье удача радость мечта надежда вера жизнь судьба ангел ангелочек
демон бог господь россия москва питер петербург казань самара омск томск уфа пермь новосибирск екатеринбург
краснодар ростов сочи волгоград воронеж челябинск казахстан алматы алмата астана караганда шымкент актобе актау
атырау костанай кокшетау павлодар уральск тараз кызылорда семей усть ташкент бишкек киев минск спартак зенит динамо
локомотив цска торпедо крылья футбол хоккей баскетбол волейбол теннис бокс спорт чемпион победа кайрат тобол
ордабасы барыс январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь понедельник вторник
среда четверг пятница суббота воскресенье весна лето осень зима снег снежинка дождь гроза ветер море океан река гора
лес цветок цветочек роза ромашка звезда звездочка луна небо земля космос гагарин наташа наталья настя анастасия саша
александр александра сергей андрей алексей дмитрий дима максим макс михаил миша иван ваня николай коля владимир вова
вован евгений женя павел паша роман рома артем тимур руслан марат айдар данияр нурлан ерлан серик асхат азамат
кайрат бауржан олег игорь виктор виктория вика юля юлия елена лена ольга оля ирина ира марина светлана света татьяна
таня екатерина катя анна аня аннушка мария маша машенька дарья даша ксения ксюша полина алина алена кристина диана
карина валентина валерия лера людмила люда галина галя надежда любовь вероника ника софия соня вася василий петя
петр федор степан богдан денис кирилл никита илья егор даниил матвей гульнара айгуль айгерим динара асель жанна
сауле алия мадина картошка капуста морковка огурец помидор яблоко банан апельсин лимон клубника малина вишня арбуз
конфета конфетка шоколад печенье пирожок блины борщ пельмени шашлык водка пиво вино кофе чай молоко сахар соль хлеб
деньги миллион доллар рубль тенге банк работа офис компания директор бухгалтер бухгалтерия менеджер начальник школа
институт университет студент учитель учеба компьютер ноутбук интернет телефон мобильный самсунг яндекс гугл
вконтакте одноклассники ютуб машина тачка лада жигули приора бмв мерседес тойота танк самолет ракета солдат армия
десант спецназ полиция генерал герой король королева принц принцесса царь богатырь чебурашка буратино винни пятачок
колобок незнайка снегурочка каникулы праздник рождество новыйгод деньрождения подарок красота красавица красавчик
сладкий сладкая милый милая родной родная хороший хорошая крутой супер суперстар класс отлично черный белый красный
синий зеленый желтый розовый золото золотой серебро алмаз бриллиант йцукен йцук фыва фывапр ячсмит абвгд абв
""".split()  # noqa: SIM905
KAZAKH = """
құпиясөз құпия сөз сәлем сәлеметсіз рахмет махаббат махаббатым сүйем менсенісүйем жаным жүрегім анам анашым мама әке
әкем ата апа апам бауырым қызым ұлым балам бала отбасы бақыт бақытты арман үміт өмір күн күнім ай жұлдыз жұлдызым
гүл гүлім раушан алтын күміс гауһар қазақстан қазақ қазақша алматы астана шымкент қарағанды ақтөбе атырау ақтау
тараз орал қостанай павлодар семей көкшетау түркістан қызылорда отан отаным туған жер дала тау көл өзен теңіз аспан
жер бүркіт қыран қасқыр арыстан жолбарыс тұлпар ат аттан түлкі қоян аю мысық ит домбыра күй ән әнші тойқазан той
наурыз нұрсұлтан назарбаев абай әуезов жамбыл абылай абылайхан алдар көсе тұран батыр ханшайым хан патша қаңтар
ақпан сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі
жексенбі айгүл гүлнар гүлнара гүлсім айнұр айжан айсұлу ақмарал әсел әлия жанар қарлығаш меруерт мөлдір сәуле
назерке нұргүл перизат арман асқар бауыржан бекзат дәулет ерлан ербол жандос қайрат мақсат медет нұржан нұрлан олжас
санжар серік талғат
""".split()  # noqa: SIM905
HUNGARIAN = """
jelszó jelszo titok titkos belépés szeretlek szerelem szerelmem édesanyám anya anyu apa apu család kutya kutyus cica
macska cicus nyuszi maci medve oroszlán tigris sárkány farkas virág rózsa napsugár napfény csillag hold ég föld
magyar magyarország budapest debrecen szeged miskolc pécs győr nyíregyháza kecskemét székesfehérvár szombathely
sopron eger balaton duna tisza fradi ferencváros újpest honvéd mtk haladás diósgyőr foci labdarúgás kézilabda
vízilabda január február március április május június július augusztus szeptember október november december hétfő
kedd szerda csütörtök péntek szombat vasárnap tavasz nyár ősz tél karácsony húsvét születésnap boldog boldogság
szabadság béke remény álom angyal ördög isten jézus király királynő herceg hercegnő vitéz huszár petőfi kossuth
rákóczi attila árpád mátyás lászló istván józsef ferenc zoltán zsolt tamás péter gábor sándor balázs gergő bence
dániel ádám dávid márk levente norbert róbert roland richárd krisztián katalin kata zsuzsanna zsuzsa erzsébet mária
éva anna judit ildikó andrea mónika krisztina szilvia tünde viktória nikolett noémi dóra petra réka eszter boglárka
vivien fanni luca hanna zsófia kovács nagy szabó tóth horváth varga kiss molnár németh farkas balogh papp takács
juhász csoki alma körte barack eper málna szilva meggy cseresznye kávé pálinka sör bor gulyás pörkölt lángos túró
kakaós kalács autó motor számítógép telefon asztal szék ablak ajtó iskola tanár diák egyetem munka pénz bank
milliomos szia hello sziasztok köszönöm
""".split()  # noqa: SIM905

ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiopőú",
    "asdfghjkléáű",
    "yxcvbnm",
    "йцукенгшщзхъ",
    "фывапролджэ",
    "ячсмитьбю",
    "әіңғүұқөһ",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "abcdefghijklmnopqrstuvwxyz",
)
COLUMNS = tuple("1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik 9ol 1йфя 2цыч 3увс 4кам 5епи 6нрт".split())  # noqa: SIM905
PADS = """
789456123 741852963 147258369 159357 951753 123654 147852 258456 14789632 123698745
""".split()  # noqa: SIM905
ENDINGS = """
1 2 3 5 7 9 0 12 123 1234 12345 123456 1234567 12345678 123456789 321 00 01 007 10 11 13 21 22 69 77 88 99 100 111 666
777 qwe abc @1 @123 #1 #123
""".split()  # noqa: SIM905
BEGINNINGS = ("1", "123", "my")

_LATIN_KEYS = dict(zip("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`", strict=True))
_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщыэюяәғқңөұүһі"
_WRITTEN_AS = "a b v g d e e zh z i y k l m n o p r s t u f h ts ch sh sch y e yu ya a g k n o u u h i"
_WRITTEN = dict(zip(_CYRILLIC, _WRITTEN_AS.split(), strict=True)) | {"ъ": "", "ь": ""}
_PLAIN = str.maketrans("áéíóöőúüű", "aeiooouuu")
_SHIFTED = str.maketrans("1234567890", "!@#$%^&*()")
SHORTEST = 6  # no operator may ask for less (components.data.operator.PasswordRules)


def words() -> Iterator[str]:
    """Each word in every way it is written."""
    yield from ENGLISH
    for word in (*RUSSIAN, *KAZAKH):
        yield word
        yield "".join(_WRITTEN.get(letter, letter) for letter in word)
        if set(word) <= _LATIN_KEYS.keys():
            yield "".join(_LATIN_KEYS[letter] for letter in word)
    for word in HUNGARIAN:
        yield word
        yield word.translate(_PLAIN)


def walks() -> Iterator[str]:
    """Fingers going over the keyboard: along rows and back, down columns, over the number pad."""
    for row in ROWS:
        for way in (row, row[::-1]):
            for begin, end in itertools.combinations(range(len(way) + 1), 2):
                if end - begin >= 3:
                    yield way[begin:end]
    for one, other in itertools.product(ROWS[:10], repeat=2):
        for length in range(3, 8):
            yield one[:length] + other[:length]
            yield "".join(itertools.chain.from_iterable(zip(one[:length], other[:length], strict=False)))
    yield from ("".join(ROWS[1:4]), "".join(ROWS[0:4]), "".join(ROWS[7:10]), ROWS[0] + "-=", *PADS)
    for many in range(2, 6):
        for begin in range(len(COLUMNS) - many + 1):
            run = COLUMNS[begin : begin + many]
            yield "".join(run)
            yield "".join(each[::-1] for each in run)
            for odd in (0, 1):
                yield "".join(each if place % 2 == odd else each[::-1] for place, each in enumerate(run))
                yield "".join(each if place % 2 == odd else each.translate(_SHIFTED) for place, each in enumerate(run))
    for letters in (
        "abc",
        "qwe",
        "asd",
        "zxc",
        "qwer",
        "asdf",
        "zxcv",
        "qaz",
        "wsx",
        "йцу",
        "фыв",
        "ячс",
        "абв",
        "aaa",
        "a",
        "q",
        "z",
        "а",
        "я",
    ):
        for digits in ("123", "1234", "12345", "123456", "1234567", "12345678", "123456789", "321", "111", "000"):
            yield letters + digits
            yield digits + letters
            yield letters + digits + letters
            yield digits + letters + digits


def days() -> Iterator[str]:
    """Birthdays as six and eight digits, of the people who may have a contract."""
    for year in range(1940, 2016):
        for month in range(1, 13):
            if month == 1 or year % 5 == 0:
                yield f"01{month:02d}{year}"
            yield f"{month:02d}{year}"
    for year in range(1900, 2100):
        yield f"{year}{year}"
        yield f"{year}{year + 1}"


def entries() -> set[str]:
    """The whole list, in canonical form."""
    common = {word for word in words() if len(word) > 1}
    made: Iterable[str] = itertools.chain(
        common,
        (word + ending for word in common for ending in ENDINGS if len(word) > 2),
        (beginning + word for word in common for beginning in BEGINNINGS if len(word) > 2),
        walks(),
        days(),
    )
    return common_alone(common) | {word for word in map(canonical, made) if len(word) >= SHORTEST}


def common_alone(common: set[str]) -> set[str]:
    """The words themselves, short ones too: a year behind one makes it long enough."""
    return {word for word in map(canonical, common) if len(word) >= 3}


def packed() -> bytes:
    """The file's content: sorted, a line each, with a line's end at both ends."""
    listed = "\n" + "\n".join(sorted(entries())) + "\n"
    return lzma.compress(listed.encode(), format=lzma.FORMAT_XZ, preset=9 | lzma.PRESET_EXTREME)


if __name__ == "__main__":
    FILE.write_bytes(packed())
    sys.stdout.write(f"{len(entries())} words, {FILE.stat().st_size} bytes\n")
