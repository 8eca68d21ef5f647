"""Names for a large provider, as mixed as the people who give care in England. Nobody in particular is meant."""

from __future__ import annotations

import random

# Weight, first names, last names. Weights are no statistic: they make a list look like an English rota.
GROUPS: tuple[tuple[int, str, str], ...] = (
    (
        50,
        "Susan Karen Julie Tracey Donna Claire Emma Lisa Joanne Michelle Nicola Sarah Rachel Gemma Kelly Stacey Chloe "
        "Jade Megan Hannah Lauren Bethany Abigail Amy Leanne Debbie Lorraine Maxine Paula Wendy Sandra Carol Janet "
        "Daniel Mark Paul Lee Craig Ryan Jordan Connor Liam Adam Gary Kevin Ashley Jamie Stuart Darren Neil Simon",
        "Smith Jones Taylor Brown Walker Wright Robinson Thompson White Green Hall Wood Harris Clarke Cooper Ward "
        "Turner Hill Moore Parker Bennett Shaw Holmes Mason Dixon Palmer Fletcher Barnes Hudson Barker Lowe Hargreaves "
        "Sutcliffe Ackroyd Braithwaite Pickering Rowntree Dale Fenwick Tennant Bickerstaffe Entwistle",
    ),
    (
        14,
        "Ngozi Chioma Amaka Folake Yetunde Adaeze Blessing Precious Grace Patience Comfort Abena Akosua Ama Efua Kofi "
        "Kwesi Emeka Chinedu Tunde Segun Ifeanyi Tendai Rudo Nyasha Farai Tatenda Chipo",
        "Okafor Adeyemi Balogun Eze Nwosu Okonkwo Adebayo Ogunleye Mensah Owusu Boateng Asante Osei Agyeman Moyo Ncube "
        "Dube Sibanda Chikwanha Mutasa Nkomo Phiri",
    ),
    (
        11,
        "Priya Sunita Meena Kavita Anjali Deepa Lakshmi Reena Sana Ayesha Nasreen Shabnam Farzana Rukhsana Tahira "
        "Imran Rajesh Anil Vikram Harpreet Gurpreet Manjit Jaspreet Nusrat Rehana Shirin",
        "Patel Shah Kaur Singh Sharma Gupta Nair Menon Thomas Kurian Hussain Khan Ahmed Begum Mahmood Malik Chowdhury "
        "Rahman Uddin Iqbal Mistry",
    ),
    (
        8,
        "Agnieszka Katarzyna Magdalena Joanna Ewa Beata Dorota Piotr Tomasz Ioana Elena Mihaela Andreea Gabriela "
        "Cristina Marius Florin Daiva Rasa Ilze Desislava Petya",
        "Nowak Wisniewska Wojcik Kaminski Lewandowska Zielinska Mazur Popescu Ionescu Radu Dumitru Stan Munteanu Marin "
        "Kazlauskiene Petrauskas Kalnina Dimitrova Ivanova Georgieva",
    ),
    (
        6,
        "Marcia Yvonne Beverley Sharon Delroy Winston Errol Claudette Sonia Dionne Kemi Leroy",
        "Campbell Grant Francis Henry Gordon Reid Powell Bailey Lewis Samuels Morrison Blake",
    ),
    (
        6,
        "Maricel Rowena Jennelyn Marites Arlene Rosario Liza Cherry Jun Rodel Dennis Arnel",
        "Santos Reyes Cruz Bautista Garcia Mendoza Torres Flores Ramos Aquino Villanueva Dela-Cruz",
    ),
    (
        5,
        "Sinead Aoife Niamh Bronagh Siobhan Ciaran Rhian Carys Sioned Gwen Angharad Mairi Eilidh Fiona Callum Euan",
        "O'Neill Murphy Kelly Byrne Doherty Gallagher Pritchard Griffiths Llewellyn Bowen MacLeod Fraser Sinclair",
    ),
    (
        5,
        "Fatuma Amina Hodan Ifrah Abdi Yusuf Khadija Selam Hiwot Tigist Dawit Maryam Leila Nour Samira Rania Zahra",
        "Ali Hassan Mohamed Abdullahi Warsame Osman Tesfaye Bekele Haile Abebe Haddad Mansour Karimi Ahmadi Rezaei",
    ),
    (
        3,
        "Mei Xiu Ling Wai-Ling Siu-Fong Kit Linh Thuy Hoa Binita Sushila Maya",
        "Chan Wong Lam Cheung Nguyen Tran Gurung Rai Thapa Limbu",
    ),
)


def names(how_many: int, luck: random.Random) -> list[str]:
    """Return this many different names."""
    weights = [weight for weight, _, _ in GROUPS]
    lists = [(first.split(), last.split()) for _, first, last in GROUPS]
    found: dict[str, None] = {}
    while len(found) < how_many:
        [(first, last)] = luck.choices(lists, weights)
        found[f"{luck.choice(first)} {luck.choice(last)}"] = None
    return list(found)
